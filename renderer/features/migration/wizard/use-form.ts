import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problems } from '../model';

/** One example for every rule, in the field's own terms. */
const EXAMPLES: Readonly<Record<string, string>> = {
  host: 'db.example.org',
  user: 'postgres',
  database: 'postgres',
  'ssh.host': 'bastion.example.org',
  'ssh.user': 'deploy',
  'ssh.identityFile': '~/.ssh/id_ed25519',
  name: 'shop → cloud',
};

export interface FormChecks {
  /** The message of a field once it was left, or saving was tried. */
  readonly problemOf: (field: string) => string | undefined;
  readonly onLeave: (field: string) => void;
  /** Shows the problems of these fields from now on and puts the focus on the first; true when there are none. */
  readonly reveal: (wrong: readonly string[]) => boolean;
}

/** When problems are shown: at the first leaving of a field, and all of them when saving is tried. */
export function useFormChecks(problems: Problems): FormChecks {
  const { t } = useTranslation('migration');
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  return {
    problemOf(field) {
      const rule = problems[field];
      if (rule === undefined || !left.has(field)) return undefined;
      const example = EXAMPLES[field.replace(/^(source|target)\./, '')] ?? 'shop';
      return t(`wizard.rules.${rule}`, { example });
    },
    onLeave: (field) => setLeft((before) => (before.has(field) ? before : new Set([...before, field]))),
    reveal(wrong) {
      if (wrong.length === 0) return true;
      setLeft((before) => new Set([...before, ...wrong]));
      requestAnimationFrame(() => {
        const shown = [...document.querySelectorAll<HTMLElement>('[data-view="migration-wizard"] [data-field]')];
        const first = shown.find(({ dataset, offsetParent }) => {
          return offsetParent !== null && wrong.includes(dataset['field'] ?? '');
        });
        (first?.matches('input, button, textarea') ? first : first?.querySelector('input'))?.focus();
      });
      return false;
    },
  };
}
