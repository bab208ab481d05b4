"""CUDA graphs: a pass of the network recorded once and replayed by a GPU, with the buffers that it reads and writes."""
