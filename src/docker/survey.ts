import { isRegistrarError, RegistrarError, toRegistrarError } from '../model/errors.js';
import type { HostPort, Neighbour } from '../model/host.js';
import { gpusIn, ownerOf } from '../model/owner.js';
import { isNamedVolume } from '../model/volumes.js';
import type { EngineClient } from './client.js';
import type { EngineAbout } from './engine-facts.js';
import { cleanText } from './errors.js';
import type { HostPaths } from './host-path.js';
import { startError } from './lifecycle.js';
import { integerOf, listOf, replyOf, textOf, textsOf } from './reply.js';
import type { Survey, SurveyRequest } from './runtime.js';
import { NO_PROGRAM } from './scratch.js';
import type { Scratch } from './scratch.js';
import type { SecretFiles } from './secret-files.js';
import type { Volumes } from './volumes.js';

export interface SurveyContext {
  readonly client: EngineClient;
  readonly about: Pick<EngineAbout, 'facts'>;
  readonly scratch: Scratch;
  readonly volumes: Volumes;
  readonly hostPaths: HostPaths;
  readonly secretFiles: SecretFiles;
  readonly isLocal: boolean;
}

/** See `Runtime.survey`. */
export async function survey(request: SurveyRequest, context: SurveyContext): Promise<Survey> {
  const { client, about, isLocal } = context;
  const call = { method: 'GET', path: '/containers/json', doing: 'list containers' } as const;
  const entries = listOf(await client.call({ ...call, query: { all: '1' } }));
  const tries = [...triesOf(request, context), tryGpus(request, context)];
  const refusals = await Promise.all(tries.map(refusalOf));
  const { memoryBytes } = await about.facts();
  return {
    containers: entries.map(neighbourOf),
    refusals: refusals.filter((refusal) => refusal !== undefined),
    ...{ memoryBytes, isLocal },
  };
}

/** The mounts that a container needs, each resolved or rejected. */
function triesOf(
  { owner, template }: SurveyRequest,
  { volumes, hostPaths, secretFiles }: SurveyContext,
): Promise<unknown>[] {
  const tries = template.volumes.map((volume) => {
    if (isNamedVolume(volume)) return volumes.check(volume.name, owner);
    return volume.hostPath === undefined ? undefined : hostPaths.resolve(volume.hostPath);
  });
  return [...tries.filter((attempt) => attempt !== undefined), secretFiles.check(template)];
}

/** What says that something cannot be had. */
const REFUSALS = [
  'HOST_PATH_REFUSED',
  'NAME_CONFLICT',
  'GPU_UNAVAILABLE',
  'SECRET_FILES_UNAVAILABLE',
] as const;

/** What a container cannot have; that the engine could not be asked says nothing about it. */
async function refusalOf(attempt: Promise<unknown>): Promise<RegistrarError | undefined> {
  try {
    await attempt;
    return undefined;
  } catch (error) {
    if (!isRegistrarError(error, ...REFUSALS)) throw toRegistrarError(error);
    return error;
  }
}

const NO_DRIVER = /could not select device driver/i;

/**
 * Engines tell which GPUs they can give only when a container with them starts, before they look for
 * its program: one is started that has none. GPU_UNAVAILABLE when it fails for another reason.
 */
async function tryGpus(
  { template, imageId }: SurveyRequest,
  { client, scratch }: SurveyContext,
): Promise<void> {
  const { gpus } = template.resources;
  if (gpus.length === 0 || imageId === undefined) return;
  await scratch.use({ imageId, gpus }, async (id) => {
    const call = { method: 'POST', path: `/containers/${id}/start`, doing: 'try GPUs' } as const;
    await client.call(call).catch((error: unknown) => {
      const failure = startError(error);
      if (!isRegistrarError(failure, 'START_FAILED')) throw failure;
      if (!failure.message.includes(NO_PROGRAM)) throw unavailable(gpus, failure.message);
    });
  });
}

function unavailable(gpus: readonly string[], text: string): RegistrarError {
  const why = cleanText(text.replace(/^Cannot start the container: /, ''));
  const next = NO_DRIVER.test(text)
    ? 'install the NVIDIA Container Toolkit and restart the engine'
    : 'compare "resources.gpus" with what "nvidia-smi -L" prints on the host';
  const message = `Cannot give GPU ${gpus.join(', ')} to a container: ${why}; ${next}`;
  return new RegistrarError('GPU_UNAVAILABLE', message);
}

function neighbourOf(entry: unknown): Neighbour {
  const reply = replyOf(entry);
  const labels = textsOf(reply['Labels']);
  const owner = ownerOf(labels);
  return {
    id: textOf(reply['Id']),
    name: cleanText(textOf(listOf(reply['Names'])[0]).replace(/^\//, '')),
    owner,
    ports: listOf(reply['Ports']).flatMap(portOf),
    gpus: owner === undefined ? [] : gpusIn(labels),
  };
}

/** Only a container that runs has any; those that are not published have no public port. */
function portOf(value: unknown): HostPort[] {
  const { IP, PublicPort, Type } = replyOf(value);
  const port = integerOf(PublicPort);
  const protocol = textOf(Type).toUpperCase();
  if (port === 0 || (protocol !== 'TCP' && protocol !== 'UDP')) return [];
  return [{ ip: textOf(IP), port, protocol }];
}
