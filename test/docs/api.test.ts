import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../bin/lib/daemon-process.js';
import { ensureKubectl, ensurePythonClient } from '../../bin/lib/test-clients.js';
import { canWork } from '../helpers/ask-socket.js';
import { aSite, eventually } from '../helpers/daemon.js';
import { dockerHost } from '../helpers/engine.js';
import { blocksOf, readPage } from '../helpers/markdown.js';
import { Reader } from '../helpers/reader.js';
import type { Step } from '../helpers/reader.js';

const blocks = blocksOf(readPage('docs/api.md'));

/** A block that can be run, with what the page says it prints. */
interface Example extends Step {
  readonly language: string;
}

const examples: Example[] = blocks.flatMap(({ language, text }, at) => {
  const next = blocks[at + 1];
  const shown = next?.language === 'text' ? next.text : '';
  return ['sh', 'js', 'python'].includes(language) ? [{ language, commands: text, shown }] : [];
});

/** Why this machine cannot run an example; undefined when it can. */
async function lackFor({ language, commands }: Example): Promise<string | undefined> {
  if (language === 'python' && (await ensurePythonClient()) === undefined)
    return "Debian's python3-kubernetes is not here";
  const needsKubectl = /^kubectl /m.test(commands);
  return needsKubectl && (await ensureKubectl()) === undefined ? 'There is no kubectl' : undefined;
}

const PROGRAMS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  js: [process.execPath, '--input-type=module', '--eval'],
  python: ['/usr/bin/python3', '-c'],
};

/** Runs a program of the page with the kubeconfig that it had the reader write. */
async function runProgram({ language, commands }: Example, home: string): Promise<string> {
  const [program, ...args] = PROGRAMS[language] ?? [''];
  const env = { ...process.env, TMPDIR: home, KUBECONFIG: join(home, 'registrar/kubeconfig') };
  return (await promisify(execFile)(program, [...args, commands], { env })).stdout;
}

describe('docs/api.md', () => {
  it('has examples in each language', () => {
    const languages = new Set(examples.map(({ language }) => language));
    expect([...languages].toSorted()).toEqual(['js', 'python', 'sh']);
    expect(examples.filter(({ shown }) => shown !== '').length).toBeGreaterThan(8);
  });

  it('says what happens when it is done', async () => {
    const port = await freePort(0);
    const env = { DOCKER_HOST: dockerHost() };
    const reader = new Reader({ env, ports: new Map([['7878', port]]) });
    const site = aSite({ dataDir: join(reader.home, 'registrar/data') });
    await site.start(['--port', String(port)]);
    await canWork(site);
    for (const example of examples) {
      const lack = await lackFor(example);
      if (lack !== undefined) console.info(`${lack}: not run:\n${example.commands}`);
      else if (example.language === 'sh') await reader.follow(example);
      else expect(await runProgram(example, reader.home)).toBe(example.shown);
    }
    await eventually(async () => (await site.containers()).length === 0, 'all is gone');
  }, 240_000);
});
