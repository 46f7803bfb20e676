/** One line of git's protocol. */
export function pkt(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes]);
}

export const FLUSH = Buffer.from('0000');
export const DELIMITER = Buffer.from('0001');

/** What a server says first in version 2 of the protocol. */
export const CAPABILITIES = Buffer.concat([
  pkt('# service=git-upload-pack\n'),
  FLUSH,
  pkt('version 2\n'),
  pkt('agent=git/2.39.5\n'),
  pkt('ls-refs\n'),
  pkt('fetch=shallow\n'),
  pkt('object-format=sha1\n'),
  FLUSH,
]);
