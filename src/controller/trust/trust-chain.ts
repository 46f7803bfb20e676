import { toRegistrarError } from '../../model/errors.js';
import type { RegistrarError } from '../../model/errors.js';
import type { Module } from '../../model/module.js';
import type { TrustChain, TrustLink } from '../../model/trust.js';
import type { ReconcileContext } from '../context.js';
import { basisOf } from '../preparation/basis.js';
import type { Basis } from '../preparation/basis.js';
import { whatIsRecorded } from '../preparation/prepare.js';
import { asTaken } from '../updates/followed.js';
import { containerLinks } from './container-links.js';
import { imageLink } from './image-link.js';
import { policyLink, signatureLink, sourceLink, verificationLink } from './record-links.js';

/**
 * What stands between the repository of a module and its containers, and whether each link holds
 * now: the engine is asked anew, the recorded is compared with what decides today.
 */
export async function trustChain(stored: Module, context: ReconcileContext): Promise<TrustChain> {
  const module = asTaken(stored);
  const recorded = await whatIsRecorded(module, context);
  const basis = basisNow(module, context);
  const links: TrustLink[] = [
    sourceLink(module, recorded),
    signatureLink(recorded, basis),
    verificationLink(recorded),
    policyLink(recorded, basis),
    await imageLink(module, recorded, context),
    ...(await containerLinks(module, context)),
  ];
  return { module: module.metadata.name, version: module.spec.version, links };
}

function basisNow(module: Module, context: ReconcileContext): Basis | RegistrarError {
  try {
    return basisOf(module, context);
  } catch (error) {
    return toRegistrarError(error);
  }
}
