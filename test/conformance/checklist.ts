import { expect, test } from 'vitest';
import type { Cluster } from './cluster.js';
import { lackOf } from './kubectl.js';
import type { Ability } from './kubectl.js';
import type { Background, Ran } from './shell.js';
import { ask } from './wire.js';
import type { Connection, WireAnswer, WireRequest } from './wire.js';

/** What must be true of what a command did. */
export type Check = (ran: Ran) => Promise<void> | void;

/** A check that needs no more than that. */
export type Look = (ran: Ran) => void;

type Text = string | RegExp;

/** Items of the checklist: each is one test that is named by its number and what is typed. */
export interface Checklist {
  /** A command that ends by itself. */
  readonly item: (number: number, command: string, check: Check, needs?: Ability) => void;
  /** A command beside which something else happens. */
  readonly beside: (
    number: number,
    command: string,
    check: (running: Background) => Promise<void>,
    needs?: Ability,
  ) => void;
  /** A request of the admin that is not kubectl's. */
  readonly request: (
    number: number,
    line: `${string} ${string}`,
    request: WireRequest,
    check: (answer: WireAnswer) => Promise<void> | void,
  ) => void;
  /** A request of the admin whose answer goes on. */
  readonly wire: (
    number: number,
    line: `${string} ${string}`,
    check: (connection: Connection, path: string) => Promise<void>,
  ) => void;
}

/** Declares items of one cluster, which run in their order. */
export function checklistOf(cluster: Cluster): Checklist {
  const able = (needs: Ability | undefined, skip: (reason: string) => void): void => {
    const lack = needs && lackOf(cluster.versions, needs);
    if (lack !== undefined) skip(lack);
  };
  return {
    item: (number, command, check, needs) =>
      test(`${number} ${command}`, async ({ skip }) => {
        able(needs, skip);
        await check(await cluster.run(command));
      }),
    beside: (number, command, check, needs) =>
      test(`${number} ${command}`, async ({ skip }) => {
        able(needs, skip);
        await check(cluster.beside(command));
      }),
    request: (number, line, wire, check) =>
      test(`${number} ${line}`, async () => {
        const [method = '', path = ''] = line.split(' ');
        await check(await ask(cluster.connection, method, path, wire));
      }),
    wire: (number, line, check) =>
      test(`${number} ${line}`, async () => {
        await check(cluster.connection, line.split(' ')[1] ?? '');
      }),
  };
}

function expectText(actual: string, expected: readonly Text[]): void {
  for (const text of expected) {
    if (typeof text === 'string') expect(actual).toContain(text);
    else expect(actual).toMatch(text);
  }
}

/** Exit code 0, and all this in its output. */
export function prints(...expected: readonly Text[]): Look {
  return ({ code, stdout, stderr }) => {
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expectText(stdout + stderr, expected);
  };
}

/** Exit code 1, and all this on standard error. */
export function fails(...expected: readonly Text[]): Look {
  return ({ code, stdout, stderr }) => {
    expectText(stderr, expected);
    expect({ code, stdout }).toEqual({ code: 1, stdout });
  };
}

/** The exit code is that one. */
export function exits(code: number): Look {
  return (ran) => expect(ran).toMatchObject({ code });
}
