import { describe, expect, it } from 'vitest';
import { hashOf, isSecret, newSecret } from '../../../src/kinds/token/secret.js';

describe('a secret', () => {
  it('has 256 bits of its own between a prefix and a checksum', () => {
    const secrets = Array.from({ length: 50 }, newSecret);
    expect(new Set(secrets).size).toBe(50);
    for (const secret of secrets) {
      expect(secret).toMatch(/^rgt_[\w-]{49}$/);
      expect(Buffer.from(secret.slice(4, 47), 'base64url')).toHaveLength(32);
      expect(isSecret(secret)).toBe(true);
    }
  });

  it('notices a slip of the pen', () => {
    const secret = newSecret();
    const slip = secret.slice(0, 10) + (secret[10] === 'a' ? 'b' : 'a') + secret.slice(11);
    for (const wrong of [slip, secret.slice(1), `${secret}x`, `${secret}\n`, '']) {
      expect(isSecret(wrong)).toBe(false);
    }
  });

  it('is kept as its SHA-256', () => {
    expect(hashOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
