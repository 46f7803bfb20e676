import type { ImageDetails, ImageFacts } from '../model/container.js';
import { RegistrarError } from '../model/errors.js';
import { parseImageReference } from '../model/image-reference.js';
import { cleanText } from './errors.js';
import { timeOf } from './observe.js';
import { integerOf, listOf, replyOf, textOf, textsOf } from './reply.js';

export const IMAGE_ID = /^sha256:[0-9a-f]{64}$/;

/** As JSON. Nothing is cut off: what a check does not see, it would take for fine. */
const MAX_CONFIG_CHARACTERS = 1024 * 1024;

/** What an inspection of an image says, undefined when it is malformed. */
export function imageFactsOf(reply: unknown, reference: string): ImageFacts | undefined {
  const { Id, RepoDigests, Config } = replyOf(reply);
  const id = textOf(Id);
  if (!IMAGE_ID.test(id)) return undefined;
  const digest = digestFor(reference, textList(RepoDigests));
  return { id, digest, user: textOf(replyOf(Config)['User']) };
}

/** All that it says. INVALID when the image's configuration is too large to be looked at. */
export function imageDetailsOf(reply: unknown, reference: string): ImageDetails | undefined {
  const facts = imageFactsOf(reply, reference);
  if (facts === undefined) return undefined;
  const { Os, Architecture, Size, Created, Config } = replyOf(reply);
  refuseHuge(Config, reference);
  const { Labels, ExposedPorts, Entrypoint, Cmd, Env, Volumes, Healthcheck } = replyOf(Config);
  return {
    ...facts,
    os: textOf(Os),
    architecture: textOf(Architecture),
    bytes: integerOf(Size),
    labels: textsOf(Labels),
    exposedPorts: Object.keys(replyOf(ExposedPorts)),
    entrypoint: textList(Entrypoint),
    command: textList(Cmd),
    env: textList(Env),
    volumes: Object.keys(replyOf(Volumes)),
    hasHealthCheck: !['', 'NONE'].includes(textOf(listOf(replyOf(Healthcheck)['Test'])[0])),
    createdAt: timeOf(Date.parse(textOf(Created))),
  };
}

const textList = (value: unknown): string[] =>
  listOf(value).filter((one) => typeof one === 'string');

function refuseHuge(config: unknown, reference: string): void {
  if (JSON.stringify(config ?? {}).length <= MAX_CONFIG_CHARACTERS) return;
  const message = `Cannot read image "${cleanText(reference)}": its configuration has more than 1 MiB; use another image`;
  throw new RegistrarError('INVALID', message);
}

/** The digest that an image has in the repository of a reference; in any, for an id. */
function digestFor(reference: string, repoDigests: readonly string[]): string | undefined {
  // An id reads like a tag of a repository called sha256.
  const wanted = IMAGE_ID.test(reference) ? undefined : parseImageReference(reference);
  const known = repoDigests.map(parseImageReference).filter((one) => one !== undefined);
  const same = known.filter(
    (one) =>
      wanted === undefined ||
      (one.registry === wanted.registry && one.repository === wanted.repository),
  );
  const exact = same.find((one) => one.digest === wanted?.digest);
  return (exact ?? same[0])?.digest;
}
