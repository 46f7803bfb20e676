import { cleanText } from '../../source/clean-text.js';
import { CERTIFICATE } from './certificate.js';
import type { Diagnosis, DoctorCheck, Finding, Place } from './check.js';
import { unknown } from './check.js';
import { CONFIG } from './config.js';
import { DAEMON } from './daemon.js';
import { DATA_DIRECTORY } from './data-directory.js';
import { DISK } from './disk.js';
import { CLOCK, ENGINE, LIMITS_OF_CONTAINERS } from './engine.js';
import { KEYS } from './keys.js';
import { PORT } from './port.js';
import { GIT, NODE, SIGNATURES } from './programs.js';
import { STORE } from './store.js';

/** In the order in which they are told: what others depend on comes first. */
export const DOCTOR_CHECKS: readonly DoctorCheck[] = [
  ...[NODE, DATA_DIRECTORY, STORE, KEYS, DAEMON, ENGINE, LIMITS_OF_CONTAINERS, CLOCK],
  ...[DISK, CONFIG, PORT, CERTIFICATE, GIT, SIGNATURES],
];

/**
 * Looks at everything that a daemon needs, whether one runs or not; changes nothing. What cannot be
 * looked at says why.
 */
export async function diagnose(place: Place): Promise<Diagnosis[]> {
  // An object of its own stands for this look.
  const look = { ...place };
  return Promise.all(
    DOCTOR_CHECKS.map(async (check) => ({ id: check.id, ...(await looked(check, look)) })),
  );
}

async function looked(check: DoctorCheck, place: Place): Promise<Finding> {
  try {
    return await check.look(place);
  } catch (error) {
    return unknown(cleanText(error instanceof Error ? error.message : String(error)));
  }
}
