import { schemaCheck } from '../../manifest/schema-check.js';
import { validateObject } from '../../manifest/validate.js';
import { TOKEN } from '../../model/kinds.js';
import type { DraftOf, Writer } from '../definition.js';
import { tokenRules } from './rules.js';
import { TokenSchema } from './schema.js';
import type { Token } from './schema.js';

const CHECKS = { names: TOKEN, schema: schemaCheck(TokenSchema), rules: tokenRules };

/** How clients write tokens. One that is new has no secret yet, so that nobody can use it. */
export const TOKEN_WRITER: Writer<Token> = {
  draft(input, current, unknownFields) {
    const { manifest, warnings } = validateObject(input, CHECKS, { unknownFields });
    const draft = manifest as DraftOf<Token>;
    const status = current?.status ?? { hashes: [] };
    return { draft: { ...draft, status }, warnings };
  },
  refuseDeletion: () => undefined,
};
