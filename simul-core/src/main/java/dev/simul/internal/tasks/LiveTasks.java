package dev.simul.internal.tasks;

import dev.simul.Simul;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;

// Nobody in this process makes or registers one: `simul ps` attaches to the process, starts the JDK's local
// management agent in it and has that make one by the name of the class. So a program pays nothing and prepares
// nothing, no agent is loaded into it, and what it says comes from its own version of Simul.
//
// JMX calls the methods of an ordinary MBean by reflection from a module of its own, to which nothing is exported; a
// dynamic one it calls directly, and needs to see the class only to make one.

/** Shows the live tasks of this process to another one. */
public final class LiveTasks implements DynamicMBean {

    private static final String LOOK = "look";

    /** The live tasks at one moment, in this order: as a table, a tree, JSON; and how many deadlocks there are. */
    private static String[] look() {
        var tree = Simul.tasks();
        return new String[] {
            tree.toTable(),
            tree.toString(),
            tree.toJson(),
            Integer.toString(tree.deadlocks().size())
        };
    }

    @Override
    public Object invoke(String operation, Object[] parameters, String[] signature) {
        if (!operation.equals(LOOK)) {
            throw new IllegalArgumentException("there is one operation, " + LOOK + ", not " + operation);
        }
        return look();
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        var look = new MBeanOperationInfo(
                LOOK,
                "table, tree, JSON, number of deadlocks",
                null,
                String[].class.getName(),
                MBeanOperationInfo.INFO);
        return new MBeanInfo(
                LiveTasks.class.getName(),
                "the live tasks of this process",
                null,
                null,
                new MBeanOperationInfo[] {look},
                null);
    }

    @Override
    public Object getAttribute(String attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException(attribute);
    }

    @Override
    public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException(attribute.getName());
    }

    @Override
    public AttributeList getAttributes(String[] attributes) {
        return new AttributeList();
    }

    @Override
    public AttributeList setAttributes(AttributeList attributes) {
        return new AttributeList();
    }
}
