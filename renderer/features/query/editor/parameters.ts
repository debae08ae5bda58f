import { parameterPlaces, type ParameterForm } from '../../../../shared/model/parameters';

/** A parameter that a form asks for. */
export interface AskedParameter {
  readonly name: string;
  readonly form: ParameterForm;
}

/** Above this size (UTF-16 units) a text is a script from elsewhere, and no parameters are looked for. */
const LONGEST = 1_000_000;

/** The parameters (`:name`, `$1`) of a text, each once, in the order of their first use; constants end as the session's setting says. */
export function askedOf(text: string, standardStrings = true): readonly AskedParameter[] {
  if (text.length > LONGEST) return [];
  const asked = new Map<string, AskedParameter>();
  for (const { name, form } of parameterPlaces(text, standardStrings))
    if (!asked.has(name)) asked.set(name, { name, form });
  return [...asked.values()];
}

/** Names of the parameters that a text is to be run with, in the order of their first use. */
export const parametersOf = (text: string): readonly string[] => askedOf(text).map(({ name }) => name);
