/** What stands between the NULs that git ends each entry with. */
export function nulTerminated(answer: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let start = 0;
  for (let end = answer.indexOf(0); end >= 0; end = answer.indexOf(0, start)) {
    parts.push(answer.subarray(start, end));
    start = end + 1;
  }
  return parts;
}
