import { useEffect, useState } from 'react';

/** The time of day for durations that grow, anew every second while `growing`. */
export function useNow(growing: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!growing) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [growing]);
  return now;
}
