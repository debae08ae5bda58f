export interface CompareViewProps {
  readonly serverId?: string;
  readonly database?: string;
  readonly schema?: string;
}

/** Two schemas, databases or dump files side by side, and the script that makes one like the other. */
export function CompareView(_props: CompareViewProps) {
  return null;
}
