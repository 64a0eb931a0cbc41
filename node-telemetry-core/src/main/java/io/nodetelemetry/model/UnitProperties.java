package io.nodetelemetry.model;

/**
 * What systemd says of a unit (org.freedesktop.systemd1(5)).
 *
 * @param type of a service, such as {@code simple}, {@code notify} or {@code oneshot}; empty for other units
 * @param triggeredBy the units that start it, such as {@code fstrim.timer}, separated by blanks; empty if there are none
 */
public record UnitProperties(String type, String triggeredBy) {}
