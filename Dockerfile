# docker build -t recommender .     docker run --rm -p 7860:7860 recommender     then http://127.0.0.1:7860
# TORCH_INDEX names a package index with other builds of torch, such as the much smaller ones without CUDA.
FROM python:3.12-slim

ARG TORCH_INDEX=""

RUN useradd --create-home --uid 1000 user
WORKDIR /home/user/app

# torch first and by itself: it is the largest layer and changes least.
COPY requirements.txt ./
RUN grep "^torch" requirements.txt > /tmp/torch.txt \
    && pip install --no-cache-dir ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} --requirement /tmp/torch.txt
# Then the versions of the lock, with a hash for each file. It is whole, so nothing is looked for beside it.
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --no-deps --requirement requirements.lock

COPY --chown=user app.py LICENSE README.md ./
COPY --chown=user recommender recommender
COPY --chown=user assets assets
COPY --chown=user data data

USER user
ENV HOME=/home/user \
    PYTHONUNBUFFERED=1 \
    RECOMMENDER_HOST=0.0.0.0 \
    RECOMMENDER_PORT=7860
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import ProxyHandler, build_opener; build_opener(ProxyHandler({})).open('http://127.0.0.1:7860/readyz', timeout=4)"]
ENTRYPOINT ["python", "app.py"]
