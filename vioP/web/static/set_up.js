// The zone: proposes the one this device is set to. Somebody still has to say that it is right.
import { inWords } from "./words.js";
const choice = document.getElementById("zone");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (zone && [...choice.options].some((each) => each.value === zone)) {
  choice.value = zone;
  const place = choice.selectedOptions[0].textContent;
  document.getElementById("zone-found").textContent = inWords("Your device is set to {place}.", { place });
}
