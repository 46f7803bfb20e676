import { Command } from '@oclif/core/command';
import { boolean, string } from '@oclif/core/flags';
import { mapBounded } from '../lib/bounded.js';
import { inRounds } from '../lib/rounds.js';
import { DEFAULT_SETTINGS } from '../settings.js';
import { resolveAddress } from './address.js';
import type { AddressOptions } from './address.js';
import { plainBooleans } from './boolean-flags.js';
import { createClient } from './http.js';
import type { Client } from './http.js';
import { renderError } from './render/error.js';
import { ServerError } from './server-error.js';
import { note, quitOnBrokenPipe, safeText, warn } from './terminal.js';

/** Global flags as parsed. */
interface ServerFlags {
  readonly server: string | undefined;
  readonly token: string | undefined;
  readonly 'data-dir': string;
  readonly 'certificate-authority': string | undefined;
  readonly 'insecure-skip-tls-verify': boolean;
}

const serverFlags = {
  server: string({
    env: 'REGISTRAR_SERVER',
    helpGroup: 'GLOBAL',
    helpValue: '<url>',
    summary: 'https://HOST:PORT or unix:///PATH; the socket in the data directory when not given',
  }),
  token: string({
    env: 'REGISTRAR_TOKEN',
    helpGroup: 'GLOBAL',
    helpValue: '<token>',
    summary: 'Token for a server on TCP; that of the data directory when not given',
  }),
  'data-dir': string({
    env: 'REGISTRAR_DATA_DIR',
    default: DEFAULT_SETTINGS.dataDir,
    helpGroup: 'GLOBAL',
    helpValue: '<folder>',
    summary: 'Data directory of the daemon on this machine',
  }),
  'certificate-authority': string({
    env: 'REGISTRAR_CA',
    helpGroup: 'GLOBAL',
    helpValue: '<file>',
    summary: 'Certificates in PEM to trust a server by; that of the data directory for one here',
  }),
  'insecure-skip-tls-verify': boolean({
    helpGroup: 'GLOBAL',
    summary: 'Trust any server; whoever is in between can read the token',
  }),
};

/** Prints errors in kubectl's words, never with a stack unless DEBUG is set. */
export abstract class LocalCommand extends Command {
  /** What the process exits with when the command fails. */
  protected readonly failureCode: number = 1;

  protected override async init(): Promise<void> {
    await super.init();
    quitOnBrokenPipe();
    this.argv = plainBooleans(this.argv, this.ctor.flags ?? {});
  }

  /** Tells about an error; the command goes on and fails in the end. */
  protected report(error: unknown): void {
    this.reportText(renderError(error));
    if (process.env['DEBUG'] && error instanceof Error) note(error.stack ?? '');
  }

  /** The same for something that was already put into words. */
  protected reportText(text: string): void {
    note(safeText(text));
    process.exitCode = this.failureCode;
  }

  protected override async catch(error: Error & { oclif?: { exit?: number } }): Promise<void> {
    if (error.oclif?.exit === 0) throw error;
    this.report(error);
  }
}

/** A command that speaks to a server. */
export abstract class ServerCommand extends LocalCommand {
  static override baseFlags = serverFlags;

  protected addressOptions(flags: ServerFlags): AddressOptions {
    const { server, token, 'data-dir': dataDir } = flags;
    const authorityFile = flags['certificate-authority'];
    return { server, token, dataDir, authorityFile, insecure: flags['insecure-skip-tls-verify'] };
  }

  protected async connect(flags: ServerFlags): Promise<Client> {
    return createClient(await resolveAddress(this.addressOptions(flags)), (text) =>
      warn(safeText(text)),
    );
  }

  /**
   * Works on one item after the other; goes on after what the server refuses. What it may allow once
   * others are done, by `mayPass`, is tried again while others get done.
   */
  protected async each<T>(
    items: Iterable<T>,
    work: (item: T) => Promise<void>,
    mayPass: (error: ServerError) => boolean = () => false,
  ): Promise<void> {
    const attempt = async (item: T): Promise<ServerError | undefined> => {
      try {
        await work(item);
        return undefined;
      } catch (error) {
        if (!(error instanceof ServerError)) throw error;
        if (!mayPass(error)) this.report(error);
        return error;
      }
    };
    const isOpen = (error: ServerError | undefined): error is ServerError =>
      error !== undefined && mayPass(error);
    const results = await inRounds([...items], (some) => mapBounded(some, 1, attempt), isOpen);
    for (const error of results.filter(isOpen)) this.report(error);
  }
}
