import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { blocksOf } from './markdown.js';

const TRIES = 100;
const PAUSE_MS = 500;

/** Commands of a page, and the lines that it says they print. */
export interface Step {
  readonly commands: string;
  readonly shown: string;
}

/** The blocks of shell in a page, each with the block of text that follows it. */
export function stepsOf(page: string): Step[] {
  const blocks = blocksOf(page);
  return blocks.flatMap(({ language, text }, at) => {
    const next = blocks[at + 1];
    const shown = next?.language === 'text' ? next.text : '';
    return language === 'sh' ? [{ commands: text, shown }] : [];
  });
}

/** Lines without what differs from run to run: ages, times, hashes, widths of columns. */
function linesOf(text: string): string[] {
  return text
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replaceAll(/\bport \d+\//g, 'port PORT/')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z/g, 'TIME')
    .replaceAll(/\b[0-9a-f]{7,64}\b/g, 'HASH')
    .replaceAll(/ \(x\d+ over \w+\)/g, '')
    .replaceAll(/\b(?:\d+[smh])+\b/g, 'AGE')
    .split('\n')
    .map((line) => line.trim().replaceAll(/ +/g, ' '))
    .filter((line) => line !== '');
}

type Shell = ChildProcessByStdio<null, Readable, null>;

function bash(script: string, env: NodeJS.ProcessEnv): Shell {
  const args = ['--norc', '-euo', 'pipefail', '-c', `exec 2>&1\n${script}`];
  return spawn('bash', args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
}

export interface ReaderOptions {
  /** Of the machine, besides PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** What to use instead of ports, and of folders, of the page. */
  readonly ports: ReadonlyMap<string, number | string>;
  /** Made before anything runs, and gone with the test, unless the reader makes one. */
  readonly home?: string;
}

/** Types what a page says, in terminals that know what was exported before. Gone with the test. */
export class Reader {
  readonly home: string;
  readonly #options: ReaderOptions;
  #exports = '';

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.home = options.home ?? mkdtempSync(join(tmpdir(), 'registrar-reader-'));
    onTestFinished(() => rmSync(this.home, { recursive: true, force: true }));
  }

  /** Runs commands; those after a `sleep` again and again until they print what is shown. */
  async follow({ commands, shown }: Step): Promise<void> {
    const [first = '', then] = commands.split(/^sleep \d+\n/m);
    const problems = await this.#problems(first, then === undefined ? shown : '');
    if (then !== undefined) problems.push(...(await this.#lastProblems(then, shown)));
    expect(problems, commands).toEqual([]);
    this.#exports += (commands.match(/^export .*\n/gm) ?? []).join('');
  }

  /** Starts what does not end; resolves when it has printed what is shown. */
  async start({ commands, shown }: Step): Promise<void> {
    const child = this.#bash(`exec ${commands}`);
    onTestFinished(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    for (let tries = 0; tries < TRIES && child.exitCode === null; tries += 1) {
      if (this.#missing(output, shown).length === 0) return;
      await sleep(PAUSE_MS);
    }
    throw new Error(`"${commands}" printed ${output}`);
  }

  async #lastProblems(commands: string, shown: string): Promise<string[]> {
    for (let tries = 1; ; tries += 1) {
      const problems = await this.#problems(commands, shown);
      if (problems.length === 0 || tries === TRIES) return problems;
      await sleep(PAUSE_MS);
    }
  }

  /** What is wrong with what commands do: a failure, or lines that they do not print. */
  async #problems(commands: string, shown: string): Promise<string[]> {
    const child = this.#bash(commands);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    const [code] = (await once(child, 'close')) as [number];
    const missing = this.#missing(output, shown);
    const isRight = code === 0 && missing.length === 0;
    return isRight ? [] : [`exit code ${code}: ${output}`, ...missing];
  }

  #missing(output: string, shown: string): string[] {
    const printed = linesOf(output.replaceAll(this.home, '/root'));
    return linesOf(shown).filter((line) => !printed.includes(line));
  }

  #bash(commands: string): Shell {
    let script = this.#exports + commands;
    for (const [port, other] of this.#options.ports) {
      script = script.replaceAll(port, String(other));
    }
    const { PATH } = process.env;
    return bash(script, { PATH, ...this.#options.env, HOME: this.home });
  }
}
