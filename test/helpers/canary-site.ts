import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { API_VERSION } from '../../src/model/names.js';
import { aSite } from './daemon.js';
import type { DaemonProcess } from './daemon.js';
import { modulesOf } from './live-modules.js';

export const API = '/apis/registrar.synapsis.network/v1';

export interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A site whose answers are kept: of the API, and what commands print. Shared by a file. */
export class CanarySite {
  readonly site = aSite({ atEnd: afterAll });
  readonly modules = modulesOf(this.site);
  readonly answers: string[] = [];
  #daemon: DaemonProcess | undefined;
  #url = '';

  /** The log of the daemon so far. */
  get log(): string {
    return this.#daemon?.log() ?? '';
  }

  /** The token of the first start. */
  get token(): string {
    return readFileSync(join(this.site.dataDir, 'token'), 'utf8').trim();
  }

  /** Starts a daemon that logs all there is. */
  async start(flags: readonly string[]): Promise<void> {
    this.#daemon = await this.site.start(['--http', '--log-level', 'trace', ...flags]);
    this.#url = /http:\/\/[\d.]+:\d+/.exec(this.log)?.[0] ?? '';
  }

  /** Runs a command, for what it prints. */
  async cli(args: readonly string[], input = ''): Promise<void> {
    const { stdout, stderr } = await this.site.cli(args, input);
    this.answers.push(stdout, stderr);
  }

  /** Asks the API, as the first token unless headers say otherwise. */
  async ask(method: string, path: string, { body, headers = {} }: Asked = {}): Promise<number> {
    const own = { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${this.#url}${path}`, {
      ...{ method, headers: { ...own, ...headers } },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    // Without the query, which may have a canary of ours.
    const place = `${method} ${path.replace(/\?.*/, '')}`;
    this.answers.push(`${place} ${JSON.stringify([...answer.headers])} ${await answer.text()}`);
    return answer.status;
  }

  /** Makes a Secret of these values. */
  async secret(name: string, stringData: Record<string, string>, type = 'Opaque'): Promise<void> {
    const body = { apiVersion: API_VERSION, kind: 'Secret', metadata: { name }, type, stringData };
    expect(await this.ask('POST', `${API}/secrets`, { body })).toBe(201);
  }
}
