import Type from 'typebox';
import { findHidden, printable } from '../../../lib/printable.js';
import { parseImageReference } from '../../../model/image-reference.js';
import { dockerfileCheck } from './dockerfile-check.js';

const FRONTEND = dockerfileCheck({
  id: 'dockerfile/syntax',
  title: 'The Dockerfile is read by an allowed frontend',
  severity: 'critical',
  mode: 'enforce',
  why: 'A syntax directive names an image that decides what the lines mean: with another one they are not what was checked.',
  remedy: 'Leave the directive out, or use docker/dockerfile',
  parameters: Type.Object({
    frontends: Type.Array(Type.String({ maxLength: 255 }), {
      default: ['docker.io/docker/dockerfile'],
      description: 'Images of frontends, with their registry and without a tag',
    }),
  }),
  *find({ directives }, { frontends }) {
    for (const { name, value, line } of directives) {
      const reference = name === 'syntax' ? parseImageReference(value) : undefined;
      const image = reference && `${reference.registry}/${reference.repository}`;
      if (name === 'syntax' && (image === undefined || !frontends.includes(image)))
        yield { line, message: `The frontend "${printable(value)}" is not allowed` };
    }
  },
});

const ESCAPE = dockerfileCheck({
  id: 'dockerfile/escape',
  title: 'Lines are continued with "\\"',
  severity: 'medium',
  mode: 'enforce',
  why: 'Builders do not agree on which comments can change the mark, so an instruction could be hidden from the checks. Only Windows needs another one.',
  remedy: 'Leave the escape directive out',
  *find({ directives }) {
    for (const { name, value, line } of directives)
      if (name === 'escape' && value !== '\\')
        yield { line, message: 'The mark that continues a line is changed' };
  },
});

/** Invisible and bidirectional characters that a text in an object may have, but no Dockerfile. */
const INVISIBLE = /[\u200b-\u200f\u2060-\u2064\u00ad\u061c\ufeff]|\r(?!$)/;

const HIDDEN = dockerfileCheck({
  id: 'dockerfile/hidden-characters',
  title: 'The Dockerfile shows what it does',
  severity: 'high',
  mode: 'enforce',
  why: 'Invisible characters and such that turn the direction of text make a line look like another one.',
  remedy: 'Remove the characters',
  *find({ text }) {
    for (const [index, line] of text
      .replace(/^\ufeff/, '')
      .split('\n')
      .entries()) {
      const shown = line.endsWith('\r') ? line.slice(0, -1) : line;
      if (findHidden(shown) !== undefined || INVISIBLE.test(shown))
        yield { line: index + 1, message: 'The line has hidden characters in it' };
    }
  },
});

/** Whether what is read here is what a builder reads. */
export const READING_CHECKS = [FRONTEND, ESCAPE, HIDDEN];
