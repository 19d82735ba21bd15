namespace Freshet.Coordination.Admin.Words;

/// <summary>Writes the answer of a four-letter word. Called in sequence; stops when the text is full.</summary>
internal delegate void WordAnswer(CoordinationServer server, BoundedText output);
