import type { Instruction, Pair } from '../../dockerfile/dockerfile.js';
import { dockerfileCheck } from './dockerfile-check.js';
import { instructionsOf } from './of-instructions.js';

/** Variables that tell programs the same, with the values that do. */
const VARIABLES: Readonly<Record<string, RegExp>> = {
  NODE_TLS_REJECT_UNAUTHORIZED: /^0$/,
  GIT_SSL_NO_VERIFY: /^(?:1|true|yes|on)$/i,
  PYTHONHTTPSVERIFY: /^0$/,
  NPM_CONFIG_STRICT_SSL: /^(?:false|0)$/i,
  YARN_ENABLE_STRICT_SSL: /^(?:false|0)$/i,
  PIP_TRUSTED_HOST: /./,
  UV_INSECURE_HOST: /./,
  CURL_INSECURE: /^(?:1|true)$/i,
  GONOSUMCHECK: /./,
  GOFLAGS: /-insecure\b/,
  GOINSECURE: /./,
  GONOSUMDB: /^\*$/,
  GOSUMDB: /^off$/,
};

const isOff = (name: string, value = ''): boolean =>
  Object.hasOwn(VARIABLES, name.toUpperCase()) &&
  VARIABLES[name.toUpperCase()]?.test(value) === true;

/** `NAME=value` before a command, and of export. */
const settingsOf = ({ commands }: Instruction): Pair[] =>
  commands.flatMap(({ assignments, program, args, line }) =>
    [...assignments.map(({ text }) => text), ...(program === 'export' ? args : [])].map((text) => {
      const equals = text.indexOf('=');
      return { name: text.slice(0, Math.max(0, equals)), value: text.slice(equals + 1), line };
    }),
  );

/** No variable says not to look. */
export const TLS_VARIABLES = dockerfileCheck({
  id: 'dockerfile/tls-off-variable',
  title: 'No variable switches the check of certificates off',
  severity: 'high',
  mode: 'enforce',
  why: 'Such a variable holds for all that runs in the image, also long after the build.',
  remedy: 'Leave the variable out, and add the certificate of a private authority to the image',
  *find(dockerfile) {
    for (const instruction of instructionsOf(dockerfile, 'ENV', 'ARG', 'RUN', 'CMD', 'ENTRYPOINT'))
      for (const { name, value, line } of [...instruction.pairs, ...settingsOf(instruction)])
        if (isOff(name, value))
          yield { line, message: `"${name.toUpperCase()}" switches the check of certificates off` };
  },
});
