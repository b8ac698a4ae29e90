// Invites like ours by the two libraries most services use, by processor time after a warm-up.
import { createEvent } from "ics";
import ical, { ICalCalendarMethod } from "ical-generator";

const count = Number(process.argv[2]);
const start = new Date(Date.UTC(2027, 2, 16, 17, 0));
const end = new Date(Date.UTC(2027, 2, 16, 17, 50));
const link = (n) => `https://join.example/j/${String(n).padStart(43, "0")}`;
const uid = (n) => `${n.toString(16).padStart(40, "0")}@example.org`;
const text = (n) =>
  `Join by video: ${link(n)}\nThe link opens 10 minutes before the start. By phone or for help: +1 212 555 0100.`;

function byIcs(n) {
  const { error, value } = createEvent({
    method: "REQUEST",
    uid: uid(n),
    sequence: 0,
    start: [2027, 3, 16, 17, 0],
    startInputType: "utc",
    end: [2027, 3, 16, 17, 50],
    endInputType: "utc",
    title: "Example Health appointment",
    description: text(n),
    location: link(n),
    url: link(n),
    status: "CONFIRMED",
    classification: "PRIVATE",
    organizer: { name: "Example Health", email: "appointments@example.org" },
    attendees: [{ name: `Person ${n}`, email: `p${n}@participants.example`, rsvp: true, role: "REQ-PARTICIPANT", partstat: "NEEDS-ACTION" }],
    alarms: [{ action: "display", description: "Example Health appointment", trigger: { minutes: 15, before: true } }],
  });
  if (error) throw error;
  return value;
}

function byIcalGenerator(n) {
  const calendar = ical({ method: ICalCalendarMethod.REQUEST, prodId: "-//appointments//EN" });
  const event = calendar.createEvent({
    id: uid(n),
    sequence: 0,
    start,
    end,
    timezone: "America/New_York",
    summary: "Example Health appointment",
    description: text(n),
    location: link(n),
    url: link(n),
    status: "CONFIRMED",
    class: "PRIVATE",
    organizer: { name: "Example Health", email: "appointments@example.org" },
  });
  event.createAttendee({ name: `Person ${n}`, email: `p${n}@participants.example`, rsvp: true, role: "REQ-PARTICIPANT", status: "NEEDS-ACTION", type: "INDIVIDUAL" });
  event.createAlarm({ type: "display", trigger: 900, description: "Example Health appointment" });
  return calendar.toString();
}

function perSecond(render) {
  for (let n = 0; n < count / 4; n++) render(n);
  const before = process.cpuUsage();
  for (let n = 0; n < count; n++) render(n);
  const used = process.cpuUsage(before);
  return count / ((used.user + used.system) / 1e6);
}

console.log(JSON.stringify({ ics: perSecond(byIcs), "ical-generator": perSecond(byIcalGenerator), sample: byIcs(1).includes("METHOD:REQUEST") }));
