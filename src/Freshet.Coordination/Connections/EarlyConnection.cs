using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Freshet.Coordination.Admin;
using Microsoft.AspNetCore.Connections;

namespace Freshet.Coordination.Connections;

/// <summary>A connection that came while the server was still recovering its data: words are answered at once, sessions wait.</summary>
internal static class EarlyConnection
{
    /// <summary>Looks at how the connection begins, and answers a word.</summary>
    /// <returns>False when it is a client's, of which nothing was taken.</returns>
    public static async Task<bool> TryAnswerAsync(ConnectionContext connection, CoordinationOptions options)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        limit.CancelAfter(options.HandshakeTimeout);
        PipeReader input = connection.Transport.Input;
        while (true)
        {
            ReadResult read = await input.ReadAsync(limit.Token).ConfigureAwait(false);
            ReadOnlySequence<byte> rest = read.Buffer;
            if (FourLetterWord.Begins(rest) && FourLetterWord.TryTake(ref rest, out string word, out _))
            {
                input.AdvanceTo(rest.Start);
                string answer = FourLetterWord.AnswerWhileStarting(word, options.FourLetterWords);
                await connection.Transport.Output.WriteAsync(Encoding.ASCII.GetBytes(answer), limit.Token).ConfigureAwait(false);
                return true;
            }

            bool isClient = rest.Length >= FourLetterWord.Length && !FourLetterWord.Begins(rest);
            input.AdvanceTo(rest.Start, isClient ? rest.Start : rest.End);
            if (isClient || read.IsCompleted)
            {
                return false;
            }
        }
    }
}
