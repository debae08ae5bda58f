import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useRef } from 'react';
import { focusSoon } from '../../ui/focus-soon';
import { useTabActions } from '../../ui/workbench';

export interface SearchFieldProps {
  /** Whether its page is the one in front. */
  readonly open: boolean;
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** What a page's rows are searched by. */
export function SearchField({ open, label, value, onChange }: SearchFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  useTabActions([{ id: 'dashboard.search', label, disabled: !open, run: () => focusSoon(field) }]);
  return (
    <TextInput
      ref={field}
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} stroke={1.5} />}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
