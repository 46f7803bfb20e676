import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Node.js has no sockets for datagrams within a host. Does not read what comes with a message. */
const RECEIVER = `
import json, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
while True:
    print(json.dumps(s.recv(65536).decode()), flush=True)
`;

/** Stands in for systemd where a program tells it how it goes. */
export interface NotifySocket {
  readonly path: string;
  /** The messages so far, without those that only ask whether others were read. */
  readonly messages: () => string[];
}

/** Gone with the test. */
export async function aNotifySocket(python: string): Promise<NotifySocket> {
  const folder = mkdtempSync(join(tmpdir(), 'registrar-notify-'));
  const path = join(folder, 'notify');
  const child = spawn(python, ['-c', RECEIVER, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const messages = (): string[] => {
    const lines = text.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as string).filter((one) => one !== 'BARRIER=1');
  };
  return { path, messages };
}
