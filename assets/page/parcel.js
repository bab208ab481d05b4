// Files on their way: packed and cut into pieces for the server, or handed to the visitor.
const PIECE_BYTES = 600000;
const KEPT_MS = 10000;

const base64 = (blob) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result).split(",")[1] ?? ""));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(blob);
  });

// Text packs to a tenth; an older browser sends it as it is.
const packed = async (blob) => {
  if (!("CompressionStream" in window)) return { blob, zipped: false };
  const stream = blob.stream().pipeThrough(new CompressionStream("gzip"));
  return { blob: await new Response(stream).blob(), zipped: true };
};

/**
 * A file as texts that fit into a request each, and whether it was packed before.
 * @param {Blob} given
 */
export const inPieces = async (given) => {
  const { blob, zipped } = await packed(given);
  const parts = [];
  for (let from = 0; from < blob.size; from += PIECE_BYTES)
    parts.push(await base64(blob.slice(from, from + PIECE_BYTES)));
  return { parts, zipped };
};

/**
 * Have the browser keep a file for the visitor.
 * @param {Blob} blob
 * @param {string} name
 */
export const hand = (blob, name) => {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), KEPT_MS);
};
