import Type from 'typebox';
import { printable } from '../../../lib/printable.js';
import { dockerfileCheck } from './dockerfile-check.js';
import { instructionsOf } from './of-instructions.js';
import type { Dockerfile } from '../../dockerfile/dockerfile.js';

const PORT = /^(\d{1,20})(?:-(\d{1,20}))?(?:\/\w+)?$/;

interface Exposed {
  readonly line: number;
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Ports of EXPOSE; those that a variable names are left out. */
function* exposed(dockerfile: Dockerfile): Generator<Exposed> {
  for (const { words } of instructionsOf(dockerfile, 'EXPOSE'))
    for (const { text, line } of words) {
      const match = PORT.exec(text);
      const from = Number(match?.[1]);
      if (match !== null) yield { line, text, from, to: Number(match[2] ?? from) };
    }
}

const PORT_RANGE = dockerfileCheck({
  id: 'dockerfile/port-range',
  title: 'Ports are between 0 and 65535',
  severity: 'medium',
  mode: 'warn',
  reference: 'DL3011',
  why: 'There is no port above 65535, so the number is a mistake.',
  remedy: 'Correct the number',
  *find(dockerfile) {
    for (const { line, text, to, from } of exposed(dockerfile))
      if (Math.max(to, from) > 65535)
        yield { line, message: `There is no port "${printable(text)}"` };
  },
});

const PORT_ADMIN = dockerfileCheck({
  id: 'dockerfile/port-remote-access',
  title: 'No port for remote access is exposed',
  severity: 'medium',
  mode: 'warn',
  why: 'Who reaches such a port can try passwords, or is in already; a module needs none to be looked after.',
  remedy: 'Use "kubectl exec", and leave the server out of the image',
  parameters: Type.Object({
    ports: Type.Array(Type.Integer({ minimum: 0, maximum: 65535 }), {
      default: [22, 23, 2375, 2376, 3389, 5900],
      description: 'Ports that are not to be exposed',
    }),
  }),
  *find(dockerfile, { ports }) {
    for (const { line, text, from, to } of exposed(dockerfile))
      if (ports.some((port) => port >= from && port <= to))
        yield { line, message: `Port "${printable(text)}" is for remote access` };
  },
});

/** Ports that the image names. */
export const PORT_CHECKS = [PORT_RANGE, PORT_ADMIN];
