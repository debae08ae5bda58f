import { ActionIcon, TextInput, Tooltip } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { checkRemark } from '../../../shared/model/account-rules';
import { presentError } from '../../ui/error-presenter';
import { MiddleEllipsis } from '../../ui/middle-ellipsis';
import classes from './tab.module.css';

export interface RemarkCellProps {
  readonly name: string;
  readonly remark: string;
  /** Resolves when it is saved. */
  readonly onSave: (remark: string) => Promise<void>;
}

/** A remark that is edited in its place: Enter saves, Esc leaves it as it was. */
export function RemarkCell({ name, remark, onSave }: RemarkCellProps) {
  const { t } = useTranslation('accounts');
  const [text, setText] = useState<string | null>(null);
  /** Shown until the list says the same. */
  const [saved, setSaved] = useState<string | null>(null);
  const shown = saved ?? remark;
  if (saved !== null && saved === remark) setSaved(null);
  const input = useRef<HTMLInputElement>(null);
  const editing = text !== null;
  useEffect(() => {
    if (editing) input.current?.select();
  }, [editing]);

  if (text === null) {
    return (
      <span className={classes.remark}>
        {shown === '' ? <span className={classes.quiet}>—</span> : <MiddleEllipsis text={shown} />}
        <Tooltip label={t('remark.edit')}>
          <ActionIcon
            className={classes.pencil ?? ''}
            aria-label={t('remark.editOf', { name })}
            onClick={() => setText(shown)}
          >
            <IconPencil size={16} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </span>
    );
  }
  const failure = checkRemark(text);
  const save = () => {
    if (failure !== null) return;
    setText(null);
    if (text === shown) return;
    setSaved(text);
    onSave(text).catch((error: unknown) => {
      setSaved(null);
      presentError(error);
    });
  };
  return (
    <TextInput
      ref={input}
      size="xs"
      className={classes.remark ?? ''}
      aria-label={t('remark.of', { name })}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => (failure === null ? save() : setText(null))}
      onKeyDown={(event) => {
        if (event.key === 'Enter') save();
        if (event.key === 'Escape') {
          event.stopPropagation();
          setText(null);
        }
      }}
      error={failure === null ? undefined : t(`rules.${failure.rule}`, { ...failure.values, example: failure.example })}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
