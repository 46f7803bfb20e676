import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isLocal, markLocal } from '../../../src/api/serving/local-socket.js';

describe('isLocal()', () => {
  it('is not true of a connection that merely has no remote address, as a closed one', () => {
    const closed = new Socket();
    expect(closed.remoteAddress).toBeUndefined();
    expect(isLocal(closed)).toBe(false);
  });

  it('is true of a connection that was marked', () => {
    const socket = new Socket();
    markLocal(socket);
    expect(isLocal(socket)).toBe(true);
  });
});
