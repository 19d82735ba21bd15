namespace Freshet.Streams.State;

/// <summary>Finds what handles a value tuple from what handles its items; items of any type, 2 to 4 of them.</summary>
internal static class TupleShape
{
    /// <summary>An instance of the generic type that fits <typeparamref name="T"/>, closed over its items; null when it is no such tuple.</summary>
    public static object? MakeFor<T>(Type pair, Type triple, Type quadruple)
    {
        if (!typeof(T).IsGenericType)
        {
            return null;
        }

        Type definition = typeof(T).GetGenericTypeDefinition();
        Type? handler = definition == typeof(ValueTuple<,>) ? pair
            : definition == typeof(ValueTuple<,,>) ? triple
            : definition == typeof(ValueTuple<,,,>) ? quadruple
            : null;
        return handler is null ? null : Activator.CreateInstance(handler.MakeGenericType(typeof(T).GetGenericArguments()));
    }
}
