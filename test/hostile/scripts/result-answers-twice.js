// Attempt: A result that is good when it is checked and something else when it is written.
// Outcome: rejected output BAD_DATA at output or rejected output BAD_EVENT_TYPE at output or standard
function attack() {
  let asked = 0;
  return {
    get eventType() {
      asked += 1;
      return asked === 1 ? "good" : "forged\u0000";
    },
    get data() {
      asked += 1;
      return asked < 3 ? { v: 1 } : { orgId: "innocent" };
    },
  };
}
