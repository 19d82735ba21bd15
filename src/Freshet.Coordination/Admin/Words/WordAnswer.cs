namespace Freshet.Coordination.Admin.Words;

/// <summary>Writes the answer of a four-letter word. Called in sequence; lines end with <c>\n</c>.</summary>
internal delegate void WordAnswer(CoordinationServer server, TextWriter output);
