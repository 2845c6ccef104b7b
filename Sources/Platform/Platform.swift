// Platform: what Ingot needs of the operating system.
//
// Owned file handles, durable writes, processes, threads, signals, time zones; and `Environment`, the one door through which
// time, randomness and planned faults enter, so that a test can replay them. Paths here are host paths, never paths inside
// an image. The module knows no images and prints nothing.
