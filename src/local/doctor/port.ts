import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { LISTENING_FILE } from '../../model/data-files.js';
import { ok, problem } from './check.js';
import type { DoctorCheck } from './check.js';

/** Whether the API can have its port; while a daemon serves it has it. */
export const PORT: DoctorCheck = {
  id: 'port',
  async look({ dataDir, host, port }) {
    if (existsSync(join(dataDir, LISTENING_FILE)))
      return ok('a daemon of this data directory has it');
    const server = createServer();
    try {
      await once(server.listen({ host, port, exclusive: true }), 'listening');
      return ok(`${host}:${port} is free`);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const why = code === 'EADDRINUSE' ? 'another process has it' : message;
      return problem(
        `${host}:${port} cannot be had: ${why}`,
        'end that process, or set --port or --host',
      );
    } finally {
      server.close();
    }
  },
};
