/**
 * Largest body of a request in bytes. A client should know it: who sends more is cut off and may not
 * get to read why.
 */
export const BODY_LIMIT = 3 * 1024 * 1024;
