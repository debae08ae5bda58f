import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { DIAGRAM_COLOURS, type DiagramColour } from '../../../shared/model/diagram';

export interface ColourChoiceProps {
  readonly value: DiagramColour;
  readonly onChange: (colour: DiagramColour) => void;
}

/** One of the colours that a drawing knows, by name. */
export function ColourChoice({ value, onChange }: ColourChoiceProps) {
  const { t } = useTranslation('diagram');
  return (
    <Select
      label={t('colour')}
      data={DIAGRAM_COLOURS.map((colour) => ({ value: colour, label: t(`colours.${colour}`) }))}
      value={value}
      allowDeselect={false}
      onChange={(chosen) => onChange(DIAGRAM_COLOURS.find((colour) => colour === chosen) ?? value)}
    />
  );
}
