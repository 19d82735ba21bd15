using System.Reflection;

namespace Freshet.Streams.State;

/// <summary>Tells whether values of a type are equal exactly when their bytes in memory are.</summary>
internal static class DenseType
{
    private const int NotDense = -1;

    /// <summary>Bytes of the type's fields, or -1. It is dense when this is also its size: padding between fields can hold anything.</summary>
    public static int SizeOf(Type type) => type.IsEnum ? SizeOf(type.GetEnumUnderlyingType()) : Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean or TypeCode.SByte or TypeCode.Byte => 1,
        TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Char => 2,
        TypeCode.Int32 or TypeCode.UInt32 => 4,
        TypeCode.Int64 or TypeCode.UInt64 => 8,
        TypeCode.Object when type is { IsValueType: true, IsPrimitive: false } && type != typeof(DateTimeOffset) => SumOfFields(type),
        _ => NotDense,
    };

    private static int SumOfFields(Type type)
    {
        int sum = 0;
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            int size = SizeOf(field.FieldType);
            if (size == NotDense)
            {
                return NotDense;
            }

            sum += size;
        }

        return sum;
    }
}
