// Attempt: The machine's time zone and language.
// Outcome: standard {"zone":"UTC","locale":"en-US","offset":0,"text":"1/1/1970, 12:00:00 AM"}
function attack() {
  const { timeZone: zone, locale } = new Intl.DateTimeFormat().resolvedOptions();
  const date = new Date(0);
  return {
    eventType: "seen",
    data: { zone, locale, offset: date.getTimezoneOffset(), text: date.toLocaleString() },
  };
}
