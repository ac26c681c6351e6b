/** The versions of the real host and worker that this host behaves like; apps and tools can ask for them. */

export const hostVersion = '4.1043.0';
export const workerVersion = '3.9.1';
