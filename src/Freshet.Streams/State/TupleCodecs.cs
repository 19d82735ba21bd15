namespace Freshet.Streams.State;

internal sealed class PairCodec<T1, T2> : StateCodec<(T1, T2)>
{
    public override void Write(StateWriter writer, (T1, T2) value)
    {
        StateCodec<T1>.Default.Write(writer, value.Item1);
        StateCodec<T2>.Default.Write(writer, value.Item2);
    }

    public override (T1, T2) Read(ref StateReader reader) => (StateCodec<T1>.Default.Read(ref reader), StateCodec<T2>.Default.Read(ref reader));
}

internal sealed class TripleCodec<T1, T2, T3> : StateCodec<(T1, T2, T3)>
{
    public override void Write(StateWriter writer, (T1, T2, T3) value)
    {
        StateCodec<T1>.Default.Write(writer, value.Item1);
        StateCodec<T2>.Default.Write(writer, value.Item2);
        StateCodec<T3>.Default.Write(writer, value.Item3);
    }

    public override (T1, T2, T3) Read(ref StateReader reader) =>
        (StateCodec<T1>.Default.Read(ref reader), StateCodec<T2>.Default.Read(ref reader), StateCodec<T3>.Default.Read(ref reader));
}

internal sealed class QuadrupleCodec<T1, T2, T3, T4> : StateCodec<(T1, T2, T3, T4)>
{
    public override void Write(StateWriter writer, (T1, T2, T3, T4) value)
    {
        StateCodec<(T1, T2)>.Default.Write(writer, (value.Item1, value.Item2));
        StateCodec<(T3, T4)>.Default.Write(writer, (value.Item3, value.Item4));
    }

    public override (T1, T2, T3, T4) Read(ref StateReader reader)
    {
        (T1 first, T2 second) = StateCodec<(T1, T2)>.Default.Read(ref reader);
        (T3 third, T4 fourth) = StateCodec<(T3, T4)>.Default.Read(ref reader);
        return (first, second, third, fourth);
    }
}
