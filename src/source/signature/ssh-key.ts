import { createHash } from 'node:crypto';
import { RegistrarError } from '../../model/errors.js';

/** Kinds of keys that sign; certificates of authorities do not count here. */
const KIND =
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)$/;

export interface SshKey {
  /** Kind and key, without the comment. */
  readonly text: string;
  /** `SHA256:…`, as ssh-keygen prints it. */
  readonly fingerprint: string;
}

/** Reads one public key as in authorized_keys, without options. INVALID when it is malformed. */
export function parseSshKey(text: string, name: string): SshKey {
  const [kind = '', data = ''] = text.trim().split(/[ \t]+/);
  const bytes = Buffer.from(data, 'base64');
  const isWhole = bytes.toString('base64') === data && !/[\r\n]/.test(text.trim());
  if (!KIND.test(kind) || !isWhole || kindIn(bytes) !== kind) {
    const message = `Cannot use the SSH key of "${name}": write one public key, such as "ssh-ed25519 AAAA…"`;
    throw new RegistrarError('INVALID', message);
  }
  const hash = createHash('sha256').update(bytes).digest('base64');
  return { text: `${kind} ${data}`, fingerprint: `SHA256:${hash.replace(/=+$/, '')}` };
}

/** A key says its kind once more, after the length of that. */
function kindIn(bytes: Buffer): string {
  if (bytes.length < 4) return '';
  return bytes.toString('latin1', 4, 4 + bytes.readUInt32BE(0));
}
