import type { Report } from '../../kinds/report/schema.js';
import type { Module } from '../../model/module.js';
import type { ImageSubject } from '../../verification/subjects.js';
import type { ReconcileContext } from '../context.js';
import type { Outcome } from '../outcome.js';
import { parametersOf } from './basis.js';
import type { Basis } from './basis.js';
import { loginVersion, registryLogin } from './credentials.js';
import { isBuilt } from './resolved-commit.js';
import { working } from './stage.js';

const CHECK = 'image/cosign';

/** What is known of the signatures of an image, or what has to be waited for. */
export type SignatureStage =
  | { readonly known: Pick<ImageSubject, 'signatures' | 'signatureProblem'> }
  | { readonly known?: undefined; readonly problem: Outcome };

/**
 * The signatures that the registry of an image has, fetched when a policy wants them looked at: then
 * what cannot be fetched is not verified. Nobody is asked for an image without a digest: no registry
 * has it.
 */
export function signaturesOf(
  module: Module,
  { reference, digest }: { readonly reference: string; readonly digest: string | undefined },
  { basis, report }: { readonly basis: Basis; readonly report: Report },
  context: ReconcileContext,
): SignatureStage {
  const setting = basis.settings.find(({ check }) => check.id === CHECK);
  const isAsked = setting !== undefined && setting.mode !== 'off';
  if (!isAsked || isBuilt(module) || digest === undefined) return { known: {} };
  const { credentials: account, problem } = registryLogin(module, reference, context);
  if (problem !== undefined) return { problem };
  const privateAddresses = parametersOf(basis, CHECK)['privateAddresses'] === true;
  const question = { reference, digest, privateAddresses, account };
  const occasion = report.spec.key + loginVersion(module.spec.imagePullSecret, context);
  const order = { key: `${reference} ${digest}`, occasion };
  const job = context.signatures.run(module.metadata.name, order, (_, signal) =>
    context.fetchSignatures(question, signal),
  );
  if (job.state === 'done') return { known: { signatures: job.result } };
  if (job.state === 'failed') return { known: { signatureProblem: job.error.message } };
  return { problem: working('Verifying', `Fetching the signatures of image "${reference}"`) };
}
