// Attempt: A list whose length is another each time that it is asked.
// Outcome: rejected output TRANSFORM_RESULT at output or filtered
function attack() {
  let asked = 0;
  return new Proxy([], {
    get(_target, key) {
      if (key !== "length") return undefined;
      asked += 1;
      return asked === 1 ? 3 : 2 ** 31;
    },
  });
}
