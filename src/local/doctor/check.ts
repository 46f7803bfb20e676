/** What a daemon is started with, as far as a look at its host needs it. */
export interface Place {
  readonly dataDir: string;
  readonly configDir: string;
  readonly host: string;
  readonly port: number;
  /** `unix:///path` or `tcp://host:port`; the usual sockets when undefined. */
  readonly dockerHost: string | undefined;
  readonly diskFloorBytes: number;
  /** Whether the keys of Secrets are elsewhere than in the data directory. */
  readonly hasKeysElsewhere: boolean;
}

/** What a look came to. What could not be looked at is `unknown`, never `ok`. */
export interface Finding {
  readonly state: 'ok' | 'warning' | 'problem' | 'unknown';
  readonly message: string;
  /** What to do; for everything but `ok`, unless the message says so. */
  readonly remedy?: string;
}

export interface DoctorCheck {
  readonly id: string;
  /** May throw: then it could not be looked at. */
  look(place: Place): Promise<Finding> | Finding;
}

export interface Diagnosis extends Finding {
  readonly id: string;
}

/** Asks once for all checks of a look that want to know: each gets the same answer, or promise. */
export function oncePerLook<T>(ask: (place: Place) => T): (place: Place) => T {
  const answers = new WeakMap<Place, { readonly answer: T }>();
  return (place) => {
    const known = answers.get(place) ?? { answer: ask(place) };
    answers.set(place, known);
    return known.answer;
  };
}

export const ok = (message: string): Finding => ({ state: 'ok', message });

export const warning = (message: string, remedy?: string): Finding => ({
  ...{ state: 'warning', message },
  ...(remedy !== undefined && { remedy }),
});

export const problem = (message: string, remedy?: string): Finding => ({
  ...{ state: 'problem', message },
  ...(remedy !== undefined && { remedy }),
});

export const unknown = (message: string): Finding => ({ state: 'unknown', message });
