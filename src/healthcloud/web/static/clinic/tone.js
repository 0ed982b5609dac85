// A tone for a verdict, where this desk wants one: high for taken, two low for refused, two in the middle for unverified.
const SWITCH = "hc_tone";
const SECONDS = 0.12;
const VOLUME = 0.2;
/** @type {Record<string, number[]>} */
const NOTES = { good: [880], bad: [220, 220], ask: [440], unverified: [440, 440] };
/** @type {AudioContext | null} */
let sound = null;

/** Whether this desk wants tones. */
export const isOn = () => document.cookie.split("; ").includes(`${SWITCH}=on`);

/** Sound the tone of a verdict. @param {Element | null} verdict */
export function tone(verdict) {
  const notes = Object.entries(NOTES).find(([name]) => verdict?.classList.contains(name))?.[1];
  if (!notes || !isOn()) return;
  sound ??= new AudioContext();
  const volume = new GainNode(sound, { gain: VOLUME });
  volume.connect(sound.destination);
  for (const [place, frequency] of notes.entries()) {
    const note = new OscillatorNode(sound, { frequency });
    note.connect(volume);
    note.start(sound.currentTime + place * 2 * SECONDS);
    note.stop(sound.currentTime + (place * 2 + 1) * SECONDS);
  }
}
