import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCopy } from './clipboard';

export interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for the tooltip and screen readers; default *Copy*. */
  readonly label?: string;
  /** Default: the shell's clipboard. */
  readonly onCopy?: (text: string) => void;
}

export function CopyButton({ text, label, onCopy }: CopyButtonProps) {
  const { t } = useTranslation('app');
  const copy = useCopy();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const name = copied ? t('ui.copied') : (label ?? t('ui.copy'));
  return (
    <Tooltip label={name}>
      <ActionIcon
        aria-label={name}
        onClick={(event) => {
          event.stopPropagation();
          (onCopy ?? copy)(text);
          setCopied(true);
        }}
      >
        {copied ? <IconCheck size={16} stroke={1.5} /> : <IconCopy size={16} stroke={1.5} />}
      </ActionIcon>
    </Tooltip>
  );
}
