package io.nodetelemetry.model;

/**
 * A place on the way of a connection that changes where it goes (DNAT).
 *
 * @param dialled how the connection arrives there
 * @param onward how it goes on
 */
public record TcpTranslation(TcpFlow dialled, TcpFlow onward) {}
