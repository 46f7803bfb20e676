import { posix } from 'node:path';
import { parseDurationMs } from '../../lib/duration.js';
import { flagOf, inLastImage } from '../../verification/checks/dockerfile/of-instructions.js';
import type { Dockerfile, Instruction } from '../../verification/dockerfile/dockerfile.js';
import type { Build, Found, HealthProbe } from './found.js';

/** More of each are not taken over. */
const MOST = 32;
const FROM = 'Dockerfile';

/** What a Dockerfile says of the image that it makes; what depends on variables is left out. */
export function dockerfileFacts(
  dockerfile: Dockerfile,
): Pick<Build, 'ports' | 'volumes' | 'healthCheck' | 'user'> {
  const made = inLastImage(dockerfile);
  const last = (keyword: string): Instruction | undefined =>
    made.findLast((instruction) => instruction.keyword === keyword);
  const textsOf = (keyword: string): string[] =>
    made
      .filter((instruction) => instruction.keyword === keyword)
      .flatMap(({ json, words }) => json ?? words.map(({ text }) => text));
  return {
    ports: unique(textsOf('EXPOSE').flatMap(portsOf)).slice(0, MOST),
    volumes: unique(textsOf('VOLUME').flatMap(volumeOf)).slice(0, MOST),
    healthCheck: healthOf(last('HEALTHCHECK')),
    user: userOf(last('USER')),
  };
}

type Named<T> = Found<T & { readonly name: string }>;

/** Each name once. */
const unique = <T>(all: readonly Named<T>[]): Named<T>[] => [
  ...new Map(all.map((one) => [one.value.name, one])).values(),
];

const PORT = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp))?$/i;

function portsOf(text: string): Build['ports'] {
  const [, first, last = first, protocol = 'tcp'] = PORT.exec(text) ?? [];
  if (first === undefined) return [];
  const count = Math.min(MOST, Number(last) - Number(first) + 1);
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const containerPort = Number(first) + index;
    const name = `${protocol.toLowerCase()}-${containerPort}`;
    const kind = protocol.toLowerCase() === 'udp' ? 'UDP' : 'TCP';
    const value = { name, containerPort, hostIp: '127.0.0.1', protocol: kind } as const;
    return { value, from: `EXPOSE of the ${FROM}` };
  });
}

function volumeOf(text: string): Build['volumes'] {
  if (!text.startsWith('/') || text.includes('$')) return [];
  const mountPath = posix.resolve('/', text);
  const name = mountPath
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return [{ value: { name, mountPath }, from: `VOLUME of the ${FROM}` }];
}

function healthOf(instruction: Instruction | undefined): Found<HealthProbe> | undefined {
  const [, command] = /^\s*CMD\s+([^]+)$/i.exec(instruction?.source.text ?? '') ?? [];
  if (instruction === undefined || command === undefined) return undefined;
  const seconds = (flag: string): number | undefined => {
    const milliseconds = parseDurationMs(flagOf(instruction, flag) ?? '');
    return milliseconds === undefined ? undefined : Math.ceil(milliseconds / 1000);
  };
  const retries = Number(flagOf(instruction, 'retries') ?? Number.NaN);
  const value = {
    exec: {
      command: jsonTexts(command) ?? ['/bin/sh', '-c', command.trim().replaceAll(/[\t\n]+/g, ' ')],
    },
    ...given('intervalSeconds', seconds('interval')),
    ...given('timeoutSeconds', seconds('timeout')),
    ...given('retries', Number.isNaN(retries) ? undefined : retries),
    ...given('startPeriodSeconds', seconds('start-period')),
  };
  return { value, from: `HEALTHCHECK of the ${FROM}` };
}

const given = (name: string, value: number | undefined): Record<string, number> =>
  value === undefined ? {} : { [name]: value };

/** The texts of a JSON array of nothing else. */
function jsonTexts(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isTexts = Array.isArray(value) && value.every((one) => typeof one === 'string');
    return isTexts && value.length > 0 ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A user by number, whose group is of the same number or none: that is what a manifest can say. */
function userOf(instruction: Instruction | undefined): Found<number> | undefined {
  const [, user, group = user] =
    /^(\d{1,10})(?::(\d{1,10}))?$/.exec(instruction?.words[0]?.text ?? '') ?? [];
  if (user === undefined || group !== user || Number(user) === 0) return undefined;
  return { value: Number(user), from: `USER of the ${FROM}` };
}
