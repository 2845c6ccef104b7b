// Zstandard: compression of single buffers with libzstd, with reused contexts and a stated upper bound on the output.
