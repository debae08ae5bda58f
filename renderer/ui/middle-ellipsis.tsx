import { Tooltip } from '@mantine/core';
import { CopyButton } from './copy-button';
import { visibleText } from './visible-text';
import classes from './middle-ellipsis.module.css';

export interface MiddleEllipsisProps {
  readonly text: string;
  /** Characters of the end that always stay visible. */
  readonly tail?: number;
  /** Shows a copy button on hover and focus. */
  readonly copyable?: boolean;
}

/** A long name cut in its middle when there is no room; the whole on hover. */
export function MiddleEllipsis({ text, tail = 8, copyable = false }: MiddleEllipsisProps) {
  const shown = visibleText(text);
  const characters = Array.from(shown);
  const cut = Math.max(0, characters.length - tail);
  return (
    <span className={classes.row}>
      <Tooltip label={shown} disabled={characters.length < 12} multiline maw={480}>
        <span className={classes.text}>
          <span className={classes.visible} aria-hidden>
            <span className={classes.head}>{characters.slice(0, cut).join('')}</span>
            <span className={classes.tail}>{characters.slice(cut).join('')}</span>
          </span>
          <span className="visually-hidden">{shown}</span>
        </span>
      </Tooltip>
      {copyable ? (
        <span className={classes.copy}>
          <CopyButton text={text} />
        </span>
      ) : null}
    </span>
  );
}
