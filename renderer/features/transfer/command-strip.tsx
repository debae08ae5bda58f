import { UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../ui/copy-button';
import classes from './command-strip.module.css';

/** The command lines that do the same, folded away until wanted. */
export function CommandStrip({ commands }: { readonly commands: readonly string[] }) {
  const { t } = useTranslation('transfer');
  const [open, setOpen] = useState(false);
  const Fold = open ? IconChevronDown : IconChevronRight;
  const text = commands.join('\n');
  return (
    <div className={classes.strip}>
      <div className={classes.head}>
        <UnstyledButton className={classes.fold ?? ''} aria-expanded={open} onClick={() => setOpen(!open)}>
          <Fold size={16} stroke={1.5} aria-hidden />
          {t('commands.title')}
        </UnstyledButton>
        {open ? (
          <span className={classes.note}>{t('commands.note')}</span>
        ) : (
          <code className={classes.peek}>{commands.find((command) => !command.startsWith('createdb')) ?? ''}</code>
        )}
        <CopyButton text={text} label={t('commands.copy')} />
      </div>
      {open ? <pre className={classes.code}>{text}</pre> : null}
    </div>
  );
}
