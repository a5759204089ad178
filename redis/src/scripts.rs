//! The scripts. Each decides with one request, by the clock of the server: those of several machines differ.

use std::sync::LazyLock;

use redis::Script;

/// Whether a request may be sent now, and counts it if so.
///
/// Keys: the bucket of the portal, that of the method (or the same again), and the marks of methods without operating time.
/// Arguments: capacity and interval in microseconds of the portal, then of the method (capacity 0 without one). Returns what to
/// wait for (0 nothing, 1 the method, 2 the portal) and how long, in microseconds.
///
/// A bucket is stored as the time at which it will be empty, as in `LeakyBucket` of the core.
pub(crate) static ACQUIRE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local blocked = 0
for index = 3, #KEYS do
    blocked = math.max(blocked, redis.call('PTTL', KEYS[index]))
end
if blocked > 0 then return {1, blocked * 1000} end
local function bucket(key, capacity, interval)
    local empty = math.max(tonumber(redis.call('GET', key) or 0), now)
    return empty - (capacity - 1) * interval - now, empty + interval
end
local function fill(key, empty)
    redis.call('SET', key, string.format('%.0f', empty), 'PX', math.ceil((empty - now) / 1000) + 1)
end
local capacity, interval = tonumber(ARGV[3]), tonumber(ARGV[4])
local method_empty
if capacity > 0 then
    local wait
    wait, method_empty = bucket(KEYS[2], capacity, interval)
    if wait > 0 then return {1, math.ceil(wait)} end
end
local wait, empty = bucket(KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]))
if wait > 0 then return {2, math.ceil(wait)} end
fill(KEYS[1], empty)
if method_empty then fill(KEYS[2], method_empty) end
return {0, 0}
",
    )
});

/// Fills the bucket of a portal that has rejected a request. Key: the bucket. Arguments: capacity and interval in microseconds.
pub(crate) static FILL: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local full = now + ARGV[1] * ARGV[2]
if full > tonumber(redis.call('GET', KEYS[1]) or 0) then
    redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000) + 1)
end
return 0
",
    )
});

/// Marks a method as blocked, unless it is blocked for longer. Key: the mark. Argument: the time in milliseconds.
pub(crate) static BLOCK: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
if tonumber(ARGV[1]) > redis.call('PTTL', KEYS[1]) then redis.call('SET', KEYS[1], 1, 'PX', ARGV[1]) end
return 0
",
    )
});

/// Replaces a value that is still the expected one. Key: the value. Arguments: the expected one, the new one, and whether a value
/// is expected at all. Returns whether it was replaced.
pub(crate) static REPLACE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
local current = redis.call('GET', KEYS[1])
if ARGV[3] == '1' and current ~= ARGV[1] then return 0 end
if ARGV[3] == '0' and current then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
",
    )
});

/// Takes a lock that is free, or prolongs that of the caller. Key: the lock. Arguments: the value of the holder, and the lifetime in
/// milliseconds. Returns whether the caller has it.
pub(crate) static HOLD: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
",
    )
});

/// Removes a lock that the caller still holds. Key: the lock. Argument: the value of the holder.
pub(crate) static UNLOCK: LazyLock<Script> = LazyLock::new(|| {
    Script::new("if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end return 0")
});
