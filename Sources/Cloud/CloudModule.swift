// Cloud: the embedded, simulated AWS plane. A region is a self-contained folder with its catalogue and its store.
