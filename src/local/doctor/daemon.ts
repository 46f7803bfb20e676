import { existsSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SOCKET_FILE } from '../../model/data-files.js';
import { ok, problem, warning } from './check.js';
import type { DoctorCheck, Finding } from './check.js';

const ANSWER_MS = 5_000;
const HTTP_OK = 200;

interface Answer {
  readonly code: number;
  readonly body: string;
}

/** Whether a daemon serves, and what it says of itself. */
export const DAEMON: DoctorCheck = {
  id: 'daemon',
  async look({ dataDir }) {
    const socketPath = join(dataDir, SOCKET_FILE);
    if (!existsSync(socketPath)) return notRunning;
    try {
      return judgeReadiness(await ask(socketPath, '/readyz?verbose'));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ECONNREFUSED' || code === 'ENOENT') return notRunning;
      return problem(
        `it does not answer on "${socketPath}": ${(error as Error).message}`,
        'look at its log; a daemon that hangs is ended by its service manager, or by you',
      );
    }
  },
};

const notRunning = warning('no daemon serves here', 'start it: registrar daemon');

/** What the lines of `/readyz` come to. */
export function judgeReadiness({ code, body }: Answer): Finding {
  if (code === HTTP_OK) return ok('it serves, and is ready');
  const failed = body.split('\n').filter((line) => line.startsWith('[-]'));
  const why = failed.map((line) => line.slice(3)).join('; ') || `it answers with ${code}`;
  return problem(`it is not ready: ${why}`, 'see docs/operations.md for what to do about each');
}

function ask(socketPath: string, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { socketPath, path, signal: AbortSignal.timeout(ANSWER_MS) };
    get(options, (answer) => {
      const { statusCode: code = 0 } = answer;
      text(answer).then((body) => resolve({ code, body }), reject);
    }).on('error', reject);
  });
}
